package dev.holdfast.http.handler;

import dev.holdfast.application.worker.TaskFailure;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one answer of HTTP/1.1, within bounds. Belongs to one thread. */
final class ReplyReader {

  /** Upper bound in bytes of the content. */
  static final int MAX_BODY = 512 << 10;

  private static final int MAX_HEAD = 32 << 10;
  private static final int MAX_INTERIM = 5;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5]\\d\\d)( .*)?");

  private final InputStream in;
  private int headLeft = MAX_HEAD;

  ReplyReader(InputStream in) {
    this.in = in;
  }

  /** Reads the answer to a request of this method. */
  HttpReply read(String method) throws IOException {
    for (int i = 0; i < MAX_INTERIM; i++) {
      Matcher line = STATUS.matcher(line());
      if (!line.matches()) {
        throw broken("its status line");
      }
      int status = Integer.parseInt(line.group(1));
      Map<String, String> headers = headers();
      if (status / 100 != 1) {
        boolean empty = method.equals("HEAD") || status == 204 || status == 304;
        return new HttpReply(status, headers, empty ? "" : text(body(headers)));
      }
    }
    throw broken("too many interim answers");
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw broken("a header field");
      }
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      String value = line.substring(colon + 1).strip();
      headers.merge(name, value, (one, other) -> one + ", " + other);
    }
    return headers;
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    String coding = headers.get("transfer-encoding");
    String length = headers.get("content-length");
    if (coding != null) {
      if (!coding.equalsIgnoreCase("chunked")) {
        throw broken("its transfer coding");
      }
      chunks(body);
    } else if (length != null) {
      copy(body, number(length, 10));
    } else {
      rest(body);
    }
    return body.toByteArray();
  }

  private void chunks(ByteArrayOutputStream body) throws IOException {
    while (true) {
      headLeft = MAX_HEAD;
      String line = line();
      int end = line.indexOf(';');
      int size = number((end < 0 ? line : line.substring(0, end)).strip(), 16);
      if (size == 0) {
        return;
      }
      copy(body, size);
      if (!line().isEmpty()) {
        throw broken("a chunk");
      }
    }
  }

  private void copy(ByteArrayOutputStream body, int size) throws IOException {
    requireRoom((long) body.size() + size);
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new EOFException("the answer ends too early");
    }
    body.writeBytes(bytes);
  }

  private void rest(ByteArrayOutputStream body) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BODY + 1);
    requireRoom(bytes.length);
    body.writeBytes(bytes);
  }

  private static void requireRoom(long size) {
    if (size > MAX_BODY) {
      throw TaskFailure.fatal(
          "answer_too_large", "the target's answer has more than " + MAX_BODY + " bytes");
    }
  }

  private static int number(String text, int radix) throws IOException {
    try {
      int number = Integer.parseInt(text, radix);
      if (number >= 0 && !text.startsWith("+")) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw broken("a length");
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the answer ends too early");
      }
      if (--headLeft < 0) {
        throw broken("its header is too large");
      }
      if (next == '\n') {
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      }
      // No storage keeps it, and no header may have it.
      line.write(next == 0 ? '?' : next);
    }
  }

  /** Text of any kind of content; what no storage could keep is replaced. */
  private static String text(byte[] body) {
    return new String(body, StandardCharsets.UTF_8).replace('\0', '\uFFFD');
  }

  private static IOException broken(String what) {
    return new IOException("the target's answer is not HTTP/1.1: " + what);
  }
}
