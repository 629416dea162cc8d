package dev.holdfast.http.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TargetsTest {

  @ParameterizedTest
  @CsvSource({
    // allowed, host, address, expected
    "api.example, api.example, 93.184.216.34, true",
    "api.example, API.Example, 93.184.216.34, true",
    "api.example, www.api.example, 93.184.216.34, false",
    "api.example, api.example, 10.0.0.1, false",
    "api.example, api.example, 127.0.0.1, false",
    "localhost, localhost, 127.0.0.1, true",
    "localhost, localhost, ::1, true",
    "localhost, localhost, 10.0.0.1, false",
    "localhost, other, 127.0.0.1, false",
    "127.0.0.1, anything, 127.0.0.1, true",
    "127.0.0.1, anything, 127.0.0.2, false",
    "[::1], anything, ::1, true",
    "10.0.0.0/8, anything, 10.255.0.1, true",
    "10.1.0.0/16, anything, 10.2.0.1, false",
    "0.0.0.0/0, anything, 93.184.216.34, true",
    "0.0.0.0/0, anything, 127.0.0.1, false",
    "0.0.0.0/0, anything, 169.254.169.254, false",
    "0.0.0.0/0, anything, ::ffff:127.0.0.1, false",
    "::/0, anything, 2606:2800:220:1::1, true",
    "::/0, anything, ::1, false",
    "::/0, anything, fc00::1, false",
    "fc00::/8, anything, fc00::1, true",
    "93.184.216.0/25, anything, 93.184.216.127, true",
    "93.184.216.0/25, anything, 93.184.216.128, false",
    "93.184.216.0/25, anything, 2606:2800:220:1::1, false"
  })
  void allowed_is_what_was_named(String allowed, String host, String address, boolean expected)
      throws Exception {
    Targets targets = new Targets(List.of(allowed));

    assertThat(targets.allows(host, InetAddress.getByName(address))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "a/8", "300.0.0.1", "::/129"})
  void malformed_range_is_refused(String range) {
    assertThatThrownBy(() -> new Targets(List.of(range)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(range);
  }

  @Test
  void built_in_ranges_are_well_formed() {
    assertThatThrownBy(() -> AddressRange.of("name")).isInstanceOf(IllegalArgumentException.class);
    assertThat(new Targets(List.of()).isEmpty()).isTrue();
  }
}
