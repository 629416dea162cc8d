package dev.holdfast.bootstrap.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.bootstrap.Repository;
import dev.holdfast.bootstrap.config.Setting.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Compares the reference in {@code docs/configuration.md} with the table of settings. */
class ConfigurationReferenceTest {

  private static final String BEGIN = "<!-- begin of the table of settings -->\n";
  private static final String END = "<!-- end of the table of settings -->\n";

  @Test
  void the_reference_shows_the_table_of_settings() throws IOException {
    String page = Files.readString(Repository.ROOT.resolve("docs/configuration.md"));

    String shown = page.substring(page.indexOf(BEGIN) + BEGIN.length(), page.indexOf(END));

    assertThat(shown).isEqualTo(reference());
  }

  static String reference() {
    return Arrays.stream(Section.values())
        .map(ConfigurationReferenceTest::section)
        .collect(Collectors.joining("\n"));
  }

  private static String section(Section section) {
    return "### " + section.title() + "\n\n"
        + "| variable | flag | key in a file | type | default | what it is |\n"
        + "|---|---|---|---|---|---|\n"
        + Settings.of(section).stream()
            .map(ConfigurationReferenceTest::row)
            .collect(Collectors.joining());
  }

  private static String row(Setting<?> setting) {
    String fallback = setting.fallback().isEmpty() ? "" : "`" + setting.fallback() + "`";
    String key = setting.equals(Settings.CONFIG) ? "" : "`" + setting.key() + "`";
    return "| `" + setting.variable() + "` | `" + setting.flag() + "` | " + key + " | "
        + setting.type().name().replace("|", ", ") + " | " + fallback + " | " + setting.doc()
        + " Allowed: " + setting.type().allowed() + ". |\n";
  }
}
