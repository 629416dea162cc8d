package dev.holdfast.chaos.node;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.tx.Completion;
import dev.holdfast.domain.port.tx.Facts;
import dev.holdfast.domain.port.tx.Runs;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.run.RunKey;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Stands before a storage and writes down which completions were accepted and which did not
 * end their run by themselves, once the commit has answered. Everything else passes.
 */
final class Witness {

  private static final Set<String> RUNNING_WORK = Set.of("transact", "atOnce");

  private final NodeLog log;

  Witness(NodeLog log) {
    this.log = log;
  }

  /** The storage with the witness before it. */
  Storage of(Storage storage) {
    return before(Storage.class, (method, arguments) -> {
      if (!RUNNING_WORK.contains(method.getName())) {
        return method.invoke(storage, arguments);
      }
      @SuppressWarnings("unchecked")
      Function<StorageTx, Object> work = (Function<StorageTx, Object>) arguments[0];
      List<RunKey> accepted = new ArrayList<>();
      List<RunKey> missed = new ArrayList<>();
      Object answer = method.invoke(storage, noting(work, accepted, missed));
      accepted.forEach(key -> add(NodeLog.Mark.ACCEPTED, key));
      missed.forEach(key -> add(NodeLog.Mark.MISSED, key));
      return answer;
    });
  }

  /** Work that is run again begins its notes anew. */
  private static Function<StorageTx, Object> noting(
      Function<StorageTx, Object> work, List<RunKey> accepted, List<RunKey> missed) {
    return tx -> {
      accepted.clear();
      missed.clear();
      return work.apply(noting(tx, accepted, missed));
    };
  }

  private static StorageTx noting(StorageTx tx, List<RunKey> accepted, List<RunKey> missed) {
    return before(StorageTx.class, (method, arguments) -> {
      Object answer = method.invoke(tx, arguments);
      if (answer instanceof Runs runs) {
        return noting(runs, accepted, missed);
      }
      return answer instanceof Facts facts ? noting(facts, accepted) : answer;
    });
  }

  /** Of tasks on which others depend a completion is written as other ends are. */
  private static Facts noting(Facts facts, List<RunKey> accepted) {
    return before(Facts.class, (method, arguments) -> {
      Object answer = method.invoke(facts, arguments);
      if (method.getName().equals("end")) {
        @SuppressWarnings("unchecked")
        Collection<RunEnd> ends = (Collection<RunEnd>) arguments[0];
        ends.stream()
            .filter(end -> end.kind() == RunEnd.Kind.COMPLETED)
            .forEach(end -> accepted.add(end.key()));
      }
      return answer;
    });
  }

  private static Runs noting(Runs runs, List<RunKey> accepted, List<RunKey> missed) {
    return before(Runs.class, (method, arguments) -> {
      if (!method.getName().equals("complete")) {
        return method.invoke(runs, arguments);
      }
      @SuppressWarnings("unchecked")
      Collection<Completion> completions = (Collection<Completion>) arguments[0];
      Set<RunKey> ended = runs.complete(completions);
      for (Completion completion : completions) {
        (ended.contains(completion.key()) ? accepted : missed).add(completion.key());
      }
      return ended;
    });
  }

  private void add(NodeLog.Mark mark, RunKey key) {
    log.add(mark, key.task().toString(), key.number(), 0, "");
  }

  private interface Call {
    @Nullable
    Object make(Method method, Object[] arguments)
        throws InvocationTargetException, IllegalAccessException;
  }

  private static <T> T before(Class<T> port, Call call) {
    Object proxy = Proxy.newProxyInstance(
        port.getClassLoader(), new Class<?>[] {port}, (self, method, arguments) -> {
          try {
            return call.make(method, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
          }
        });
    return port.cast(proxy);
  }
}
