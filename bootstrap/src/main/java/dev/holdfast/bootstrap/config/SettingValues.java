package dev.holdfast.bootstrap.config;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The values of settings, by setting. Belongs to one thread. */
final class SettingValues {

  private final Map<Setting<?>, Object> values = new HashMap<>();
  private final Set<Setting<?>> defaulted = new HashSet<>();

  void put(Setting<?> setting, Object value) {
    values.put(setting, value);
  }

  /** Its value is the default: nobody gave one. */
  void wasDefaulted(Setting<?> setting) {
    defaulted.add(setting);
  }

  boolean isCluster() {
    return find(Settings.CLUSTER_ENABLED).orElse(false);
  }

  /** A time of silence; without a cluster its default follows the heartbeat. */
  private Optional<Duration> silence(Setting<Duration> setting, int heartbeats) {
    return !isCluster() && defaulted.contains(setting)
        ? find(Settings.HEARTBEAT_INTERVAL).map(beat -> beat.multipliedBy(heartbeats))
        : find(setting);
  }

  Optional<Duration> staleAfter() {
    return silence(Settings.NODE_STALE_AFTER, 3);
  }

  Optional<Duration> deadAfter() {
    return silence(Settings.NODE_DEAD_AFTER, 10);
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
