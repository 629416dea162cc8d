package dev.holdfast.bootstrap.config;

import java.util.Locale;
import java.util.Objects;

/**
 * One line of the table of settings, the single source for reading, help texts and the reference.
 *
 * @param key its name in a file, for example {@code http.port}; the other names follow from it
 * @param fallback the default as a text; empty when there is none
 * @param doc one sentence, with its unit where the type does not say it
 */
public record Setting<T>(
    String key, SettingType<T> type, String fallback, Section section, String doc) {

  /** Every environment variable of Holdfast starts like this. */
  public static final String PREFIX = "HOLDFAST_";

  public Setting {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(fallback, "fallback");
    Objects.requireNonNull(section, "section");
    Objects.requireNonNull(doc, "doc");
  }

  /** Its environment variable, for example {@code HOLDFAST_HTTP_PORT}. */
  public String variable() {
    return PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  /** Its flag, for example {@code --http-port}. */
  public String flag() {
    return "--" + key.replace('.', '-');
  }

  /** Whether its value is never shown. */
  public boolean isSecret() {
    return section == Section.STORAGE && key.endsWith("password");
  }

  /** What a setting belongs to; commands offer the flags of the sections that they use. */
  public enum Section {
    STORAGE("Storage"),
    HTTP("HTTP server"),
    NODE("Node"),
    CLUSTER("Cluster"),
    EXECUTORS("Built-in task types"),
    LOG("Log"),
    GENERAL("General");

    private final String title;

    Section(String title) {
      this.title = title;
    }

    /** For headings. */
    public String title() {
      return title;
    }
  }
}
