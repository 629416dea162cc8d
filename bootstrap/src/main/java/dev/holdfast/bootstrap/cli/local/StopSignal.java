package dev.holdfast.bootstrap.cli.local;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntConsumer;

/**
 * The wish of a user or an operator that the process ends. The first signal asks for a good end,
 * the second one ends it at once. Safe for concurrent use.
 */
final class StopSignal {

  private static final List<String> NAMES = List.of("HUP", "INT", "TERM");

  private final CountDownLatch asked = new CountDownLatch(1);
  private final Runnable first;
  private final IntConsumer second;
  private volatile int number;

  /**
   * A wish that nobody has yet.
   *
   * @param first is run once, with the first signal
   * @param second is given the number of each later signal
   */
  StopSignal(Runnable first, IntConsumer second) {
    this.first = first;
    this.second = second;
  }

  /** Listens to the signals of the process from now on; a signal that is ignored stays ignored. */
  static StopSignal install(Runnable first) {
    return install(first, () -> {});
  }

  /** As {@link #install(Runnable)}, with something that is done before the process ends at once. */
  static StopSignal install(Runnable first, Runnable last) {
    var signal = new StopSignal(first, number -> {
      last.run();
      Runtime.getRuntime().halt(128 + number);
    });
    NAMES.forEach(signal::listen);
    return signal;
  }

  /** A signal has come. */
  void receive(int signalNumber) {
    synchronized (this) {
      if (number == 0) {
        number = signalNumber;
        asked.countDown();
        first.run();
        return;
      }
    }
    second.accept(signalNumber);
  }

  /** Waits for the first signal. */
  void await() throws InterruptedException {
    asked.await();
  }

  /** The number of the first signal; 0 before it. */
  int number() {
    return number;
  }

  /** By reflection: the compiler warns of the class itself, and no other way knows signals. */
  @SuppressWarnings("ReferenceEquality") // a proxy equals itself alone
  private void listen(String name) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object ignore = handler.getField("SIG_IGN").get(null);
      InvocationHandler receiver = (proxy, method, args) -> switch (method.getName()) {
        case "handle" -> {
          receive((Integer) signal.getMethod("getNumber").invoke(args[0]));
          yield null;
        }
        case "equals" -> proxy == args[0];
        case "hashCode" -> System.identityHashCode(proxy);
        default -> name;
      };
      Object proxy =
          Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, receiver);
      Object instance = signal.getConstructor(String.class).newInstance(name);
      Object before = signal.getMethod("handle", signal, handler).invoke(null, instance, proxy);
      if (ignore.equals(before)) {
        signal.getMethod("handle", signal, handler).invoke(null, instance, ignore);
      }
    } catch (ReflectiveOperationException e) {
      // Another kind of JVM: it ends at once then, and the next start repairs what was left.
      return;
    }
  }
}
