package dev.holdfast.domain.port.tx;

import dev.holdfast.domain.port.node.Signals.Signal;
import java.util.Collection;
import java.util.List;

/** New tasks and idempotency keys, inside one transaction. */
public interface Submissions {

  /**
   * Takes idempotency keys for new tasks.
   *
   * <p>Waits for a concurrent transaction that takes one of the same keys and then sees its
   * outcome. The keys of one call must differ.
   *
   * @return the present owners of those keys that were taken before; empty when all are now ours
   */
  List<KeyOwner> takeKeys(Collection<KeyOwner> wanted);

  /** Gives back keys that this transaction took. Others are left alone. */
  void releaseKeys(Collection<KeyOwner> taken);

  /**
   * Writes new tasks, each with its place. A task whose id exists already is left as it is, its
   * place too: so a submission whose outcome was unknown can be sent again.
   */
  void create(Collection<Birth> births);

  /**
   * As {@link #create}, and sends {@link Signal#WORK} to the other nodes with the commit, where the
   * storage can do so without a transaction of its own.
   *
   * @return whether it does; false leaves the hint to the caller
   */
  default boolean createAndTell(Collection<Birth> births) {
    create(births);
    return false;
  }
}
