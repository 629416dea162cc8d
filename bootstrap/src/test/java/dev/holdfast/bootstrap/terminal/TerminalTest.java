package dev.holdfast.bootstrap.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TerminalTest {

  private final StringWriter text = new StringWriter();
  private final AtomicLong nanos = new AtomicLong();

  @Test
  void colors_need_a_terminal_that_has_them() {
    assertThat(new Terminal(true, true, true, 80).color(Terminal.Color.RED, "x"))
        .isEqualTo("\u001b[31mx\u001b[0m");
    assertThat(new Terminal(true, true, false, 80).color(Terminal.Color.RED, "x"))
        .isEqualTo("x");
    assertThat(Terminal.NONE.color(Terminal.Color.RED, "x")).isEqualTo("x");
  }

  @Test
  void detect_looks_at_the_environment() {
    assertThat(Terminal.detect(Map.of("NO_COLOR", "1")).colors()).isFalse();
    assertThat(Terminal.detect(Map.of("TERM", "dumb")).colors()).isFalse();
    assertThat(Terminal.detect(Map.of("COLUMNS", "132")).width()).isEqualTo(132);
    assertThat(Terminal.detect(Map.of("COLUMNS", "wide")).width()).isEqualTo(80);
    assertThat(Terminal.detect(Map.of()).colors()).isTrue();
  }

  @Test
  void tables_align_their_columns_and_escape_their_cells() {
    var table = new TextTable("A", "LONG").row("xyz", 1).row(null, "a\u001b");

    assertThat(table.lines()).containsExactly("A    LONG", "xyz  1", "     a\\u001b");
    assertThat(new TextTable().lines()).isEmpty();
  }

  @Test
  void progress_is_a_line_now_and_then_without_a_terminal() {
    Progress progress = progress(Terminal.NONE);
    progress.show(1, 0, 10);
    pass(6);
    progress.show(2, 1, 10);
    progress.show(2, 1, 10);
    progress.show(10, 1, 10);
    progress.end();

    assertThat(text.toString()).isEqualTo("""
            20 %  2 of 10 tasks ended, 1 badly, 6 s
            100 %  10 of 10 tasks ended, 1 badly, 6 s
            """);
  }

  @Test
  void progress_is_a_bar_on_a_terminal() {
    Progress progress = progress(new Terminal(true, true, true, 80));
    pass(1);
    progress.show(5, 0, 10);
    progress.end();

    assertThat(text.toString())
        .startsWith("\r[##########----------] 50 %  5 of 10 tasks ended, 1 s\u001b[K");
  }

  @Test
  void progress_of_nothing_is_all_of_it() {
    Progress progress = progress(new Terminal(true, true, true, 80));
    progress.show(0, 0, 0);
    assertThat(text.toString()).contains("[####################] 100 %");
    progress(Terminal.NONE).end();
  }

  private Progress progress(Terminal terminal) {
    return new Progress(new PrintWriter(text), terminal, nanos::get);
  }

  private void pass(int seconds) {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }
}
