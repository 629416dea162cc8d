package dev.holdfast.bootstrap.config;

import dev.holdfast.bootstrap.config.HoldfastConfig.StorageKind;
import dev.holdfast.bootstrap.handlers.process.Programs;
import dev.holdfast.http.handler.HttpTaskHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    if (values.find(Settings.CLUSTER_ENABLED).orElse(false)) {
      problems.add(new ConfigProblem(Settings.CLUSTER_ENABLED.variable(), noCluster(storage)));
    }
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
    return switch (storage) {
      case DUCKDB ->
        "true is not possible: the storage found is duckdb, and DuckDB lets one process write a"
            + " file; a cluster needs HOLDFAST_STORAGE=postgres";
      case POSTGRES ->
        "true is not possible yet: the storage found is postgres, on which clusters are planned but"
            + " not built";
    };
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
