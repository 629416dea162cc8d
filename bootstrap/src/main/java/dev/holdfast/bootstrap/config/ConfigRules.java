package dev.holdfast.bootstrap.config;

import dev.holdfast.bootstrap.config.HoldfastConfig.StorageKind;
import dev.holdfast.bootstrap.handlers.process.Programs;
import dev.holdfast.http.handler.HttpTaskHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What no single value can say: rules between settings. */
final class ConfigRules {

  private ConfigRules() {}

  static List<ConfigProblem> check(SettingValues values, Map<String, String> environment) {
    var problems = new ArrayList<ConfigProblem>();
    StorageKind storage = values.find(Settings.STORAGE).orElse(StorageKind.DUCKDB);
    if (storage == StorageKind.POSTGRES && values.find(Settings.POSTGRES_URL).isEmpty()) {
      problems.add(new ConfigProblem(
          Settings.POSTGRES_URL.variable(), "is required when the storage is postgres"));
    }
    if (values.isCluster() && storage != StorageKind.POSTGRES) {
      problems.add(new ConfigProblem(Settings.CLUSTER_ENABLED.variable(), noCluster(storage)));
    }
    problems.addAll(times(values));
    boolean insecure = values.find(Settings.HTTP_INSECURE).orElse(false);
    values
        .find(Settings.HTTP_HOST)
        .filter(host -> !insecure && !isLoopback(host))
        .ifPresent(host -> problems.add(openToAll(host)));
    List<String> programs = values.find(Settings.PROCESS_ALLOW).orElse(List.of());
    Programs.faults(programs, environment.getOrDefault("PATH", ""))
        .forEach(
            fault -> problems.add(new ConfigProblem(Settings.PROCESS_ALLOW.variable(), fault)));
    values.find(Settings.HTTP_EXECUTOR_ALLOW).orElse(List.of()).stream()
        .flatMap(target -> targetFault(target).stream())
        .forEach(fault ->
            problems.add(new ConfigProblem(Settings.HTTP_EXECUTOR_ALLOW.variable(), fault)));
    return problems;
  }

  private static Optional<String> targetFault(String target) {
    try {
      var unused = new HttpTaskHandler(List.of(target));
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static String noCluster(StorageKind storage) {
    return "true is not possible: the storage found is "
        + storage.name().toLowerCase(Locale.ROOT)
        + ", which one process has for itself; a cluster needs "
        + Settings.STORAGE.variable()
        + "=postgres";
  }

  /** What is missing was not understood, which is a problem of its own. */
  private static List<ConfigProblem> times(SettingValues values) {
    Optional<Duration> beat = values.find(Settings.HEARTBEAT_INTERVAL);
    Optional<Duration> stale = values.staleAfter();
    Optional<Duration> dead = values.deadAfter();
    Optional<Duration> renew = values.find(Settings.LEADER_RENEW);
    Optional<Duration> lease = values.find(Settings.LEADER_LEASE);
    return Stream.of(
            tooLong(Settings.HEARTBEAT_INTERVAL, beat, 1, Settings.NODE_STALE_AFTER, stale),
            tooLong(Settings.NODE_STALE_AFTER, stale, 1, Settings.NODE_DEAD_AFTER, dead),
            tooLong(Settings.LEADER_RENEW, renew, 2, Settings.LEADER_LEASE, lease))
        .flatMap(Optional::stream)
        .toList();
  }

  /** A problem unless one time, so many times over, is less than the other. */
  private static Optional<ConfigProblem> tooLong(
      Setting<Duration> name,
      Optional<Duration> time,
      int times,
      Setting<?> than,
      Optional<Duration> limit) {
    if (time.isEmpty()
        || limit.isEmpty()
        || time.get().multipliedBy(times).compareTo(limit.get()) < 0) {
      return Optional.empty();
    }
    String part = times == 1 ? "" : "half of ";
    return Optional.of(new ConfigProblem(
        name.variable(),
        time.get() + " is not less than " + part + than.variable() + ", which is " + limit.get()));
  }

  private static ConfigProblem openToAll(String host) {
    return new ConfigProblem(
        Settings.HTTP_HOST.variable(),
        '"'
            + ConfigProblem.masked(host)
            + "\" is not a loopback address, and whoever reaches it may do everything; allowed"
            + " with "
            + Settings.HTTP_INSECURE.variable()
            + "=true only");
  }

  /** By its text alone: nothing is looked up, so nobody's name service decides. */
  static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("::1")
        || host.equals("[::1]")
        || host.matches("127(\\.[0-9]{1,3}){3}");
  }
}
