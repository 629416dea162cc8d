package dev.holdfast.bootstrap.handlers.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CaptureTest {

  @Test
  void text_is_all_of_it_within_the_bound() {
    assertThat(captured(10, "0123456789").text(10)).isEqualTo("0123456789");
    assertThat(captured(10, "").text(10)).isEmpty();
  }

  @Test
  void text_is_the_beginning_and_the_end_beyond_the_bound() {
    assertThat(captured(4, "0123456789").text(4)).isEqualTo("01\n[… 6 bytes left out …]\n89");
    assertThat(captured(10, "0123456789").text(4)).isEqualTo("01\n[… 6 bytes left out …]\n89");
  }

  @Test
  void end_is_the_last_bytes() {
    assertThat(captured(6, "0123456789").end(2)).isEqualTo("89");
    assertThat(captured(6, "01").end(5)).isEqualTo("01");
  }

  @Test
  void text_holds_for_every_length_and_bound() {
    var random = new Random(7);
    for (int i = 0; i < 500; i++) {
      int bound = 2 * (1 + random.nextInt(40));
      String all = "abcdefghijklmnopqrstuvwxyz".repeat(4).substring(0, random.nextInt(104));
      String text = captured(bound, all).text(bound);
      if (all.length() <= bound) {
        assertThat(text).isEqualTo(all);
      } else {
        assertThat(text)
            .startsWith(all.substring(0, bound / 2))
            .endsWith(all.substring(all.length() - bound / 2));
      }
    }
  }

  @Test
  void text_has_no_nul_and_no_broken_characters() {
    assertThat(captured(20, "a\0b").text(20)).isEqualTo("a\uFFFDb");
  }

  @Test
  void drain_ends_quietly_when_the_stream_breaks() throws IOException {
    var capture = new Capture(10);
    InputStream closed = InputStream.nullInputStream();
    closed.close();

    capture.drain(closed);

    assertThat(capture.text(10)).isEmpty();
  }

  private static Capture captured(int bound, String text) {
    var capture = new Capture(bound);
    capture.drain(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    return capture;
  }
}
