package dev.holdfast.http.wire;

import dev.holdfast.http.problem.Problem;
import dev.holdfast.http.problem.ProblemException;
import dev.holdfast.http.problem.ProblemName;
import dev.holdfast.http.problem.Problems;
import dev.holdfast.http.web.Call;
import dev.holdfast.http.web.ClientGone;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** A request of Helidon's. Belongs to the connection's thread. */
final class HelidonCall implements Call, AutoCloseable {

  private static final int STEP = 64 << 10;

  private final ServerRequest request;
  private final BodyRoom room;
  private long taken;
  private boolean wasAsked;
  private boolean wasRead;

  HelidonCall(ServerRequest request, BodyRoom room) {
    this.request = request;
    this.room = room;
  }

  @Override
  public String method() {
    return request.prologue().method().text();
  }

  @Override
  public String path() {
    return request.prologue().uriPath().rawPath();
  }

  @Override
  public String query() {
    String query = request.prologue().query().rawValue();
    return query == null ? "" : query;
  }

  @Override
  public List<String> header(String name) {
    return request.headers().all(HeaderNames.create(name), List::of);
  }

  @Override
  public int headerCount() {
    int count = 0;
    for (Header header : request.headers()) {
      count += header.valueCount();
    }
    return count;
  }

  @Override
  public String localAddress() {
    return request.localPeer().host();
  }

  @Override
  public boolean hasBody() {
    return request.headers().contains(HeaderNames.TRANSFER_ENCODING) || announced() > 0;
  }

  /** Whether content was sent, or will be, that nobody has read. */
  boolean leftUnread() {
    return hasBody() && !wasRead;
  }

  @Override
  public byte[] body(int limit) {
    if (!hasBody()) {
      return new byte[0];
    }
    if (announced() > limit) {
      throw tooLarge(limit);
    }
    wasAsked = true;
    // Small chunks cost several bytes of framing each.
    Guard.current().beginBody(2L * limit + STEP);
    try {
      // Not closed: that would wait for the rest of a content that was refused.
      byte[] body = read(request.content().inputStream(), limit);
      wasRead = true;
      return body;
    } catch (RequestException e) {
      throw new ProblemException(EarlyProblems.problem(e.status(), e.getMessage()));
    } catch (DataReader.IncorrectNewLineException | IllegalArgumentException e) {
      throw new ProblemException(ProblemName.VALIDATION, "the content's framing is broken");
    } catch (DataReader.InsufficientDataAvailableException
        | CloseConnectionException
        | UncheckedIOException
        | IOException e) {
      throw new ClientGone(e);
    }
  }

  /** Reads over a small content that nobody asked for, so that the connection can be kept. */
  void skipSmall() {
    boolean isAwaited = !header("Expect").isEmpty();
    if (!wasAsked && announced() > 0 && announced() <= STEP && !isAwaited) {
      try {
        body(STEP);
      } catch (ProblemException e) {
        // Then the connection is closed after the answer.
      }
    }
  }

  private byte[] read(InputStream in, int limit) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream(Math.clamp(announced(), 512, STEP));
    byte[] step = new byte[8 << 10];
    for (int read = in.read(step); read >= 0; read = in.read(step)) {
      if (body.size() + read > limit) {
        throw tooLarge(limit);
      }
      while (body.size() + read > taken) {
        take();
      }
      body.write(step, 0, read);
    }
    return body.toByteArray();
  }

  private void take() {
    if (!room.take(STEP)) {
      throw new ProblemException(
          Problems.overloaded("too much content is being received; nothing was done"));
    }
    taken += STEP;
  }

  private long announced() {
    return request.headers().contentLength().orElse(0);
  }

  private static ProblemException tooLarge(int limit) {
    return new ProblemException(Problem.of(
        ProblemName.PAYLOAD_TOO_LARGE, "the content must have at most " + limit + " bytes"));
  }

  @Override
  public void close() {
    room.give(taken);
    taken = 0;
  }
}
