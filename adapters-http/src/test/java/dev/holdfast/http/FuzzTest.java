package dev.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Ten thousand requests, each broken in one of many ways; the seed makes them the same each time. */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
final class FuzzTest {

  private static final int REQUESTS = 10_000;
  private static final long SEED = Long.getLong("holdfast.test.seed", 20_260_101L);
  private static final String TASK = "{\"type\":\"echo\",\"payload\":{\"a\":[1,\"x\",true,null]},"
      + "\"priority\":3,\"retry\":{\"base\":\"PT1S\"},\"tags\":[\"t\"]}";
  private static LiveServer live;

  @BeforeAll
  static void start() {
    live = new LiveServer();
  }

  @AfterAll
  static void stop() {
    live.close();
  }

  @Test
  void malformed_requests_get_4xx_problem_documents() throws Exception {
    Random random = new Random(SEED);
    Map<Integer, Integer> statuses = new TreeMap<>();
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      byte[] request = request(random);
      try (RawClient client = new RawClient(live.port)) {
        String answer = client.trySend(request).answer();
        int status = status(answer);
        statuses.merge(status, 1, Integer::sum);
        if (status / 100 != 4 || !isProblem(answer)) {
          wrong.add("seed " + SEED + ", request " + i + ":\n" + shown(request) + "\n-> "
              + answer.lines().limit(12).toList());
        }
      }
    }

    assertThat(wrong).as("%d of %s", wrong.size(), statuses).isEmpty();
    assertThat(statuses.keySet()).contains(400, 404, 405, 413, 414, 415, 421, 431);
    assertThat(live.get("/livez").statusCode()).isEqualTo(200);
    assertThat(live.await(live.submit(TASK)).get("state").asString()).isEqualTo("completed");
  }

  private static int status(String answer) {
    return answer.matches("(?s)HTTP/1\\.1 \\d{3} .*")
        ? Integer.parseInt(answer.substring(9, 12))
        : 0;
  }

  private static boolean isProblem(String answer) {
    return answer.contains("application/problem+json")
        && answer.contains("\"type\":\"/problems/")
        && !answer.contains("Exception")
        && !answer.contains("\tat ");
  }

  private static byte[] request(Random random) {
    return switch (random.nextInt(16)) {
      case 0 -> post("/v1/tasks", cut(random, TASK));
      case 1 -> post("/v1/tasks", flip(random, TASK));
      case 2 -> post("/v1/tasks", wrongType(random));
      case 3 -> post("/v1/tasks", "{\"type\":\"echo\",\"payload\":\"" + bad(random) + "\"}");
      case 4 -> post("/v1/tasks", "{\"type\":\"echo\",\"payload\":" + deep(random) + "}");
      case 5 -> post("/v1/tasks", "{\"type\":\"echo\",\"" + name(random) + "\":1}");
      case 6 -> post("/v1/tasks/batch", "{\"tasks\":[" + TASK + "," + cut(random, TASK) + "]}");
      case 7 -> large(random);
      case 8 -> text("GET /v1/tasks/" + name(random) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
      case 9 -> text("GET /v1/tasks?" + name(random) + "=1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
      case 10 -> text(name(random) + " /v1/tasks HTTP/1.1\r\nHost: localhost\r\n\r\n");
      case 11 -> text("GET /livez HTTP/1.1\r\nHost: " + name(random) + ".example\r\n\r\n");
      case 12 -> header(random);
      case 13 -> noise(random);
      case 14 -> chunks(random);
      default ->
        text("POST /v1/tasks HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/" + name(random)
            + "\r\nContent-Length: 2\r\n\r\n{}");
    };
  }

  private static byte[] post(String path, String body) {
    return join(
        text("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: " + text(body).length + "\r\n\r\n"),
        text(body));
  }

  /** Latin-1: what is above ASCII is not UTF-8 then. */
  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String cut(Random random, String text) {
    return text.substring(0, random.nextInt(text.length()));
  }

  private static String flip(Random random, String text) {
    int at = random.nextInt(text.length());
    // Neither of them can stand anywhere in a document.
    char other = random.nextBoolean() ? '\u00ff' : '\u0001';
    return text.substring(0, at) + other + text.substring(at + 1);
  }

  private static String wrongType(Random random) {
    String[] names = {
      "type",
      "namespace",
      "queue",
      "retry",
      "timeout",
      "tags",
      "parent",
      "runAt",
      "constraints",
      "dependsOn",
      "idempotencyKey",
      "ref",
      "onWorkerLoss",
      "delay"
    };
    String[] values = {"1", "1.5", "true", "null", "-1e9"};
    return "{\"type\":\"echo\",\"x\":0,\"" + names[random.nextInt(names.length)] + "\":"
        + values[random.nextInt(values.length)] + "}";
  }

  private static String bad(Random random) {
    String[] bad = {"\\u0000", "\\ud800", "\\udfff", "\\x", "\\u12", "\n", "\u00ff", "\u00c0\u0080"
    };
    return "a" + bad[random.nextInt(bad.length)] + "b";
  }

  private static String deep(Random random) {
    int depth = random.nextInt(10) == 0 ? 100_000 : 64 + random.nextInt(200);
    return random.nextBoolean()
        ? "[".repeat(depth) + "]".repeat(depth)
        : "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
  }

  private static String name(Random random) {
    StringBuilder name = new StringBuilder("x");
    for (int i = random.nextInt(20); i >= 0; i--) {
      name.append((char) ('a' + random.nextInt(26)));
    }
    return name.toString();
  }

  private static byte[] large(Random random) {
    // Rarely as large as that: what it costs is known after some.
    return random.nextInt(20) == 0
        ? post("/v1/tasks", " ".repeat(10_000_000))
        : text("POST /v1/tasks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: " + (3_000_000 + random.nextInt() / 4 + 600_000_000L) + "\r\n\r\n{");
  }

  private static byte[] header(Random random) {
    String begin = "GET /livez HTTP/1.1\r\nHost: localhost\r\n";
    return text(
        switch (random.nextInt(6)) {
          case 0 -> begin + "A: " + "b".repeat(16_400 + random.nextInt(100_000)) + "\r\n\r\n";
          case 1 -> begin + (name(random) + ": 1\r\n").repeat(65) + "\r\n";
          case 2 -> begin + name(random) + "\r\n\r\n";
          case 3 -> begin + " " + name(random) + ": 1\r\n\r\n";
          case 4 -> "GET /" + "a".repeat(8_200 + random.nextInt(20_000)) + " HTTP/1.1\r\n\r\n";
          default -> begin + "A: b\nC: d\r\n\r\n";
        });
  }

  private static byte[] noise(Random random) {
    byte[] noise = new byte[1 + random.nextInt(2000)];
    random.nextBytes(noise);
    return join(noise, text("\r\n\r\n"));
  }

  private static byte[] chunks(Random random) {
    String begin =
        "POST /v1/tasks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n";
    return text(begin
        + switch (random.nextInt(5)) {
          case 0 -> name(random) + "\r\n{}\r\n0\r\n\r\n";
          case 1 -> "-2\r\n{}\r\n0\r\n\r\n";
          case 2 -> "2\r\n{}\r\n0\r\n\r\n";
          case 3 -> "fffffff\r\n" + "x".repeat(4_400_000);
          default -> "2\n{}\n0\n\n";
        });
  }

  private static byte[] join(byte[] one, byte[] two) {
    byte[] all = new byte[one.length + two.length];
    System.arraycopy(one, 0, all, 0, one.length);
    System.arraycopy(two, 0, all, one.length, two.length);
    return all;
  }

  private static String shown(byte[] request) {
    String text = new String(request, StandardCharsets.ISO_8859_1);
    return text.substring(0, Math.min(400, text.length()));
  }
}
