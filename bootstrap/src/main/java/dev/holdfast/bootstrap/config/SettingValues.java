package dev.holdfast.bootstrap.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The values of settings, by setting. Belongs to one thread. */
final class SettingValues {

  private final Map<Setting<?>, Object> values = new HashMap<>();

  void put(Setting<?> setting, Object value) {
    values.put(setting, value);
  }

  /** The value; empty when it is unset without a default, or was not understood. */
  @SuppressWarnings("unchecked") // put by the reader from the setting's own parser
  <T> Optional<T> find(Setting<T> setting) {
    return Optional.ofNullable((T) values.get(setting));
  }

  /** The value of a setting that has a default, once nothing is wrong. */
  <T> T get(Setting<T> setting) {
    return find(setting).orElseThrow(() -> new IllegalStateException(setting.key() + " is unset"));
  }
}
