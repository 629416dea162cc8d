package dev.holdfast.bootstrap.config;

import java.util.Objects;
import java.util.function.Function;

/**
 * What the text of a setting may be.
 *
 * @param name for the reference table, for example {@code duration}
 * @param allowed completes "allowed is …"; names bounds and units
 * @param parser throws {@link IllegalArgumentException} for a text that does not fit
 */
public record SettingType<T>(String name, String allowed, Function<String, T> parser) {

  public SettingType {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(allowed, "allowed");
    Objects.requireNonNull(parser, "parser");
  }
}
