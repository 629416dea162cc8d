package dev.holdfast.bootstrap.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the configuration: flags, then environment, then a file, then defaults. */
public final class ConfigReader {

  private final Map<String, String> flags;
  private final Map<String, String> environment;
  private final Map<String, String> defaults;
  private final SettingValues values = new SettingValues();
  private final List<ConfigProblem> problems = new ArrayList<>();

  private ConfigReader(
      Map<String, String> flags, Map<String, String> environment, Map<String, String> defaults) {
    this.flags = flags;
    this.environment = environment;
    this.defaults = defaults;
  }

  /**
   * Reads and checks everything.
   *
   * @param flags values by the keys of settings
   * @param environment of the process; an empty variable counts as unset
   * @throws ConfigInvalid with every problem there is
   */
  public static HoldfastConfig read(Map<String, String> flags, Map<String, String> environment) {
    return read(flags, environment, Map.of());
  }

  /** As {@link #read(Map, Map)}, with other defaults for some keys. */
  public static HoldfastConfig read(
      Map<String, String> flags, Map<String, String> environment, Map<String, String> defaults) {
    return new ConfigReader(flags, environment, defaults).read();
  }

  private HoldfastConfig read() {
    reportUnknownVariables();
    take(Settings.CONFIG, Map.of(), null);
    Path path = values.find(Settings.CONFIG).orElse(null);
    Map<String, String> file = path == null ? Map.of() : load(path);
    reportUnknownKeys(file, path);
    Settings.all().stream()
        .filter(setting -> !setting.equals(Settings.CONFIG))
        .forEach(setting -> take(setting, file, path));
    problems.addAll(ConfigRules.check(values, environment));
    if (!problems.isEmpty()) {
      throw new ConfigInvalid(problems);
    }
    return ConfigTree.of(values, environment);
  }

  private <T> void take(Setting<T> setting, Map<String, String> file, @Nullable Path path) {
    given(setting.flag(), flags.get(setting.key()))
        .or(() -> given(setting.variable(), environment.get(setting.variable())))
        .or(() -> given(setting.key() + " in " + path, file.get(setting.key())))
        .or(() -> defaulted(setting))
        .ifPresent(given -> parse(setting, given));
  }

  private Optional<Given> defaulted(Setting<?> setting) {
    values.wasDefaulted(setting);
    return given(setting.key(), fallback(setting));
  }

  private String fallback(Setting<?> setting) {
    return defaults.getOrDefault(setting.key(), setting.fallback());
  }

  private static Optional<Given> given(String name, @Nullable String text) {
    return text == null || text.isBlank() ? Optional.empty() : Optional.of(new Given(name, text));
  }

  private <T> void parse(Setting<T> setting, Given given) {
    String text = setting.isSecret() ? given.text() : given.text().strip();
    try {
      values.put(setting, setting.type().parser().apply(text));
    } catch (IllegalArgumentException e) {
      String shown = setting.isSecret() ? "the value" : '"' + ConfigProblem.masked(text) + '"';
      String detail = shown + " does not fit; allowed is " + setting.type().allowed();
      problems.add(new ConfigProblem(given.name(), detail));
    }
  }

  private Map<String, String> load(Path path) {
    var properties = new Properties();
    try (var reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      String why =
          e instanceof java.nio.file.NoSuchFileException ? "there is no such file" : "" + e;
      problems.add(new ConfigProblem(path.toString(), "cannot be read: " + why));
    }
    var entries = new TreeMap<String, String>();
    properties.forEach((key, value) -> entries.put(key.toString(), value.toString()));
    return entries;
  }

  private void reportUnknownVariables() {
    List<String> known = Stream.concat(
            Settings.all().stream().map(Setting::variable), Settings.ELSEWHERE.keySet().stream())
        .toList();
    environment.keySet().stream()
        .filter(name -> name.startsWith(Setting.PREFIX) && !known.contains(name))
        .sorted()
        .forEach(name -> reportUnknown(name, "is no variable that Holdfast knows", name, known));
  }

  private void reportUnknownKeys(Map<String, String> file, @Nullable Path path) {
    List<String> known = Settings.all().stream()
        .filter(setting -> !setting.equals(Settings.CONFIG))
        .map(Setting::key)
        .toList();
    file.keySet().stream()
        .filter(key -> !known.contains(key))
        .forEach(key -> reportUnknown(key + " in " + path, "is no key of a setting", key, known));
  }

  private void reportUnknown(String name, String what, String unknown, List<String> known) {
    String hint = NearestName.of(unknown, known)
        .map(nearest -> "; did you mean " + nearest + "?")
        .orElse("");
    problems.add(new ConfigProblem(ConfigProblem.masked(name), what + hint));
  }

  private record Given(String name, String text) {}
}
