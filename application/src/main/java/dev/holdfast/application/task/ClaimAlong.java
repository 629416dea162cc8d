package dev.holdfast.application.task;

import dev.holdfast.domain.port.tx.ClaimAnswer;
import dev.holdfast.domain.port.tx.ClaimRequest;
import dev.holdfast.domain.task.NewTask;
import java.util.List;
import java.util.Optional;

/**
 * Lets a node that has nothing to do claim new tasks in the very transaction that stores them, so
 * that one commit is waited for and not two. Safe for concurrent use.
 */
public interface ClaimAlong {

  /** Never claims. */
  ClaimAlong NEVER = new ClaimAlong() {
    @Override
    public Optional<ClaimRequest> ask(List<NewTask> tasks) {
      return Optional.empty();
    }

    @Override
    public void answered(ClaimRequest request, ClaimAnswer answer) {}

    @Override
    public void failed() {}
  };

  /**
   * What to claim behind these tasks; empty when this node has other things to do or may not run
   * them. Whoever is given a request says what came of it, in any case.
   */
  Optional<ClaimRequest> ask(List<NewTask> tasks);

  /** The transaction is committed. */
  void answered(ClaimRequest request, ClaimAnswer answer);

  /** The transaction is not committed, or nobody knows. */
  void failed();
}
