package dev.holdfast.bootstrap.cli.base;

import dev.holdfast.bootstrap.config.ConfigReader;
import dev.holdfast.bootstrap.config.HoldfastConfig;
import dev.holdfast.bootstrap.config.Setting;
import dev.holdfast.bootstrap.config.Setting.Section;
import dev.holdfast.bootstrap.config.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Gives commands the flags of the table of settings. */
public final class ConfigFlags {

  private ConfigFlags() {}

  /** Adds the flags of these sections, each section under its heading. */
  public static CommandLine add(CommandLine command, Section... sections) {
    CommandSpec spec = command.getCommandSpec();
    for (int i = 0; i < sections.length; i++) {
      Section section = sections[i];
      var group = ArgGroupSpec.builder()
          .heading("%n" + section.title() + ":%n")
          .validate(false)
          .order(10 + i);
      Settings.of(section).forEach(setting -> group.addArg(option(setting)));
      spec.addArgGroup(group.build());
    }
    return command;
  }

  /**
   * The configuration: the flags that were given, then environment, file and defaults.
   *
   * @param fixed values by key that nobody can change for this command
   * @param defaults by key, before those of the table
   */
  public static HoldfastConfig read(
      CommandSpec spec,
      CliContext context,
      Map<String, String> fixed,
      Map<String, String> defaults) {
    var flags = new LinkedHashMap<String, String>();
    var given = spec.commandLine().getParseResult();
    Settings.all().stream()
        .filter(setting -> given.hasMatchedOption(setting.flag()))
        .forEach(setting -> flags.put(
            setting.key(), String.valueOf((Object) given.matchedOptionValue(setting.flag(), ""))));
    flags.putAll(fixed);
    return ConfigReader.read(flags, context.environment(), defaults);
  }

  private static OptionSpec option(Setting<?> setting) {
    boolean isSwitch = setting.type().name().equals("boolean");
    return OptionSpec.builder(setting.flag())
        .type(String.class)
        .arity(isSwitch ? "0..1" : "1")
        .fallbackValue(isSwitch ? "true" : "")
        .paramLabel("<" + setting.type().name() + ">")
        .description(description(setting).replace("%", "%%"))
        .build();
  }

  private static String description(Setting<?> setting) {
    String fallback = setting.fallback().isEmpty() ? "" : " Default: " + setting.fallback() + ".";
    return setting.doc() + fallback + " (" + setting.variable() + ")";
  }
}
