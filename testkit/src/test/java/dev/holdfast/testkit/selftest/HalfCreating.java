package dev.holdfast.testkit.selftest;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.StorageRejected;
import dev.holdfast.domain.port.tx.Birth;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;

/** Refuses what it cannot keep, after it has kept what came before it. */
final class HalfCreating implements UnaryOperator<Storage> {

  @Override
  @SuppressWarnings("unchecked")
  public Storage apply(Storage sound) {
    Storage refusing = Broken.inTx("submissions", "create", (tx, args) -> {
          for (Birth birth : (Collection<Birth>) args[0]) {
            if (birth.payload().text().contains("\\u0000")) {
              throw new StorageRejected("no", new IllegalArgumentException());
            }
            tx.submissions().create(List.of(birth));
          }
          return null;
        })
        .apply(sound);
    return Broken.transacting(Broken::keeping).apply(refusing);
  }
}
