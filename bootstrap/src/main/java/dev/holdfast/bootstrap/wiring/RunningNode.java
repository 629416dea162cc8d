package dev.holdfast.bootstrap.wiring;

import com.google.inject.AbstractModule;
import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.Provides;
import com.google.inject.ProvisionException;
import com.google.inject.Stage;
import com.google.inject.spi.Message;
import dev.holdfast.application.engine.Engine;
import dev.holdfast.application.loop.Meters;
import dev.holdfast.bootstrap.config.HoldfastConfig;
import dev.holdfast.bootstrap.config.HoldfastConfig.Http;
import dev.holdfast.http.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Collection;
import java.util.Map;

/**
 * A node that runs in this process. Closing it stops it in good order: the API first, then the
 * engine with its grace, then the storage. Safe for concurrent use.
 */
public final class RunningNode implements AutoCloseable {

  private final Engine engine;
  private final int port;
  private final Closing closing;

  private RunningNode(Engine engine, int port, Closing closing) {
    this.engine = engine;
    this.port = port;
    this.closing = closing;
  }

  /** Starts a node without an API. */
  public static RunningNode embedded(HoldfastConfig config, Map<String, String> environment) {
    var closing = new Closing();
    Injector injector =
        injector(closing, new EngineModule(config, environment, closing), new NoMeters());
    return new RunningNode(injector.getInstance(Engine.class), 0, closing);
  }

  /** Starts a node with its API. */
  public static RunningNode serving(HoldfastConfig asked, Map<String, String> environment) {
    HoldfastConfig config = asked.cluster().enabled() ? withPort(asked) : asked;
    var closing = new Closing();
    Injector injector = injector(
        closing,
        new EngineModule(config, environment, closing),
        new ServerModule(config.http(), config.cluster(), closing));
    try {
      int port = injector.getInstance(HttpServer.class).start();
      return new RunningNode(injector.getInstance(Engine.class), port, closing);
    } catch (RuntimeException e) {
      closing.closeAll();
      throw new CannotStart(String.valueOf(e.getMessage()), e);
    }
  }

  /** Others are told the address before the API listens, so the port is found out first. */
  private static HoldfastConfig withPort(HoldfastConfig config) {
    Http http = config.http();
    try (var socket = new ServerSocket(http.port(), 1, InetAddress.getByName(http.host()))) {
      return config.with(http.withPort(socket.getLocalPort()));
    } catch (IOException e) {
      throw new CannotStart(
          "cannot listen on " + http.host() + ", port " + http.port() + ": " + e.getMessage(), e);
    }
  }

  /** The engine. */
  public Engine engine() {
    return engine;
  }

  /** The port of the API; 0 when there is none. */
  public int port() {
    return port;
  }

  @Override
  public void close() {
    closing.closeAll();
  }

  /** Whatever is open is closed when something cannot be made; the first cause is what counts. */
  private static Injector injector(Closing closing, Module... modules) {
    try {
      return Guice.createInjector(Stage.PRODUCTION, modules);
    } catch (CreationException e) {
      closing.closeAll();
      throw cause(e, e.getErrorMessages());
    } catch (ProvisionException e) {
      closing.closeAll();
      throw cause(e, e.getErrorMessages());
    }
  }

  private static RuntimeException cause(RuntimeException error, Collection<Message> messages) {
    return messages.stream()
        .map(Message::getCause)
        .filter(RuntimeException.class::isInstance)
        .map(RuntimeException.class::cast)
        .findFirst()
        .orElse(error);
  }

  /** For those whom nobody asks how they are. */
  private static final class NoMeters extends AbstractModule {

    @Provides
    Meters meters() {
      return Meters.NONE;
    }
  }
}
