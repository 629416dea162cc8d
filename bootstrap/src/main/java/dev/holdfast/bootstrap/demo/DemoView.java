package dev.holdfast.bootstrap.demo;

import dev.holdfast.bootstrap.remote.Document;
import dev.holdfast.bootstrap.terminal.Terminal;
import dev.holdfast.bootstrap.terminal.TextTable;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Shows a cluster at work: a picture that is drawn over on a terminal, a plain line now and then
 * elsewhere. Belongs to one thread.
 */
final class DemoView {

  private static final Duration REPEAT = Duration.ofSeconds(1);
  private static final Duration SETTLED = Duration.ofSeconds(3);
  private static final int MOST_KILLS = 8;

  private final PrintWriter out;
  private final Terminal terminal;
  private final String title;
  private long lineNanos = System.nanoTime() - REPEAT.toNanos();
  private long killNanos = System.nanoTime();
  private int killsSeen;
  private int killsTold;

  DemoView(PrintWriter out, Terminal terminal, String title) {
    this.out = out;
    this.terminal = terminal;
    this.title = title;
  }

  /**
   * What is to be seen.
   *
   * @param alive names of the nodes whose processes run
   */
  record Picture(
      Duration elapsed,
      Document nodes,
      Document leader,
      Document stats,
      List<String> alive,
      long submitted,
      long completed,
      List<Kill> kills) {}

  void show(Picture picture) {
    if (terminal.out()) {
      String text =
          lines(picture).stream().map(line -> line + "\u001b[K\n").collect(Collectors.joining());
      out.print("\u001b[H" + text + "\u001b[J");
    } else {
      tell(picture);
    }
    out.flush();
  }

  /** Begins: on a terminal, with an empty screen. */
  void begin() {
    out.print(terminal.out() ? "\u001b[2J\u001b[H" : "");
    out.println(title);
    out.println("the nodes are starting");
    out.flush();
  }

  /** Tells what has not been told of the kills. */
  void end(List<Kill> kills) {
    if (!terminal.out()) {
      tellKills(kills, kills.size());
      out.flush();
    }
  }

  private void tell(Picture picture) {
    long now = System.nanoTime();
    if (picture.kills().size() > killsSeen) {
      killsSeen = picture.kills().size();
      killNanos = now;
      out.println(Kill.seconds(picture.elapsed()) + "  kill -9 "
          + picture.kills().getLast().name());
    } else if (now - killNanos >= SETTLED.toNanos()) {
      tellKills(picture.kills(), killsSeen);
    }
    if (now - lineNanos >= REPEAT.toNanos()) {
      lineNanos = now;
      out.println(Kill.seconds(picture.elapsed()) + "  up " + String.join(",", picture.alive())
          + "  " + led(picture) + "  " + counts(picture));
    }
  }

  private void tellKills(List<Kill> kills, int upTo) {
    for (; killsTold < upTo; killsTold++) {
      out.println("  " + kills.get(killsTold).text());
    }
  }

  private List<String> lines(Picture picture) {
    var lines = new ArrayList<String>();
    lines.add(title + "  " + Kill.seconds(picture.elapsed()) + "  (Ctrl-C ends it)");
    lines.add("");
    var table = new TextTable("NODE", "PROCESS", "ROLE", "STATE", "FREE", "ADDRESS");
    picture
        .nodes()
        .list("items")
        .forEach(node -> table.row(
            node.get("id"),
            picture.alive().contains(node.textOrEmpty("id")) ? "runs" : "killed",
            node.get("role"),
            node.get("state"),
            node.object("slots").get("free") + "/" + node.object("slots").get("total"),
            node.get("address")));
    lines.addAll(table.lines());
    lines.add("");
    lines.add(led(picture));
    lines.add(counts(picture));
    lines.add("");
    List<Kill> kills = picture.kills();
    kills
        .subList(Math.max(0, kills.size() - MOST_KILLS), kills.size())
        .forEach(kill -> lines.add(kill.text()));
    return lines;
  }

  private static String led(Picture picture) {
    Document leader = picture.leader();
    return leader.get("node") == null
        ? "no leader now"
        : "leader " + leader.get("node") + " term " + leader.get("term");
  }

  private static String counts(Picture picture) {
    Document states = picture.stats().object("states");
    return "submitted " + picture.submitted()
        + "  completed " + picture.completed()
        + "  " + number(picture.stats().get("completedPerSecond")) + "/s"
        + "  pending " + number(states.get("pending"))
        + "  running " + (count(states, "claimed") + count(states, "running"));
  }

  private static long count(Document states, String state) {
    return states.get(state) instanceof Number number ? number.longValue() : 0;
  }

  private static String number(@org.jspecify.annotations.Nullable Object value) {
    return value instanceof Number number ? Long.toString(Math.round(number.doubleValue())) : "?";
  }
}
