package dev.holdfast.testkit.selftest;

import static dev.holdfast.testkit.selftest.Broken.port;

import dev.holdfast.domain.port.node.Elections.Renewal;
import dev.holdfast.domain.port.node.NodeLoad;
import dev.holdfast.domain.port.node.Outlook;
import dev.holdfast.domain.port.node.Sessions;
import dev.holdfast.domain.port.node.Sessions.Pulse;
import dev.holdfast.domain.value.SessionId;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Ways to be wrong in what there is to look for. */
final class OutlookFlaws {

  private OutlookFlaws() {}

  static Stream<Flaw> ofOutlooks() {
    return Stream.of(
        outlooks("outlook that sees nothing due", "outlook_tellsWhenTheFirstTaskIsDue", pulse -> {
          Outlook seen = pulse.outlook();
          return with(
              pulse,
              pulse.renewed(),
              new Outlook(
                  seen.lead(),
                  seen.live(),
                  seen.vanished(),
                  seen.isBusy(),
                  seen.isPending(),
                  Map.of()));
        }),
        outlooks(
            "outlook that sees nothing pending",
            "outlook_tellsWhetherAnythingIsPendingOrHeld",
            pulse -> {
              Outlook seen = pulse.outlook();
              return with(
                  pulse,
                  pulse.renewed(),
                  new Outlook(
                      seen.lead(), seen.live(), seen.vanished(), false, false, seen.dues()));
            }),
        outlooks(
            "beat that says that it renewed",
            "beat_renewsNoLeadThatIsOver",
            pulse -> with(pulse, true, pulse.outlook())),
        new Flaw(
            "beat that renews nothing",
            Flawed.Outlooks.class,
            "beat_renewsTheLead",
            port(
                Sessions.class,
                "sessions",
                "beat",
                (real, args) -> real.beat((SessionId) args[0], (NodeLoad) args[1], null))));
  }

  private static Pulse.Alive with(Pulse.Alive pulse, boolean renewed, Outlook outlook) {
    return new Pulse.Alive(pulse.now(), pulse.cancelAsked(), pulse.revoked(), renewed, outlook);
  }

  private static Flaw outlooks(String what, String rule, UnaryOperator<Pulse.Alive> change) {
    return new Flaw(
        what,
        Flawed.Outlooks.class,
        rule,
        port(
            Sessions.class,
            "sessions",
            "beat",
            (real, args) -> real.beat((SessionId) args[0], (NodeLoad) args[1], (Renewal) args[2])
                    instanceof Pulse.Alive alive
                ? change.apply(alive)
                : new Pulse.Over()));
  }
}
