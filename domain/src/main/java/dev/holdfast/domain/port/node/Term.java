package dev.holdfast.domain.port.node;

/**
 * One lead, from the contest to its end: the fence of what only a leader may write.
 *
 * @param incarnation of the database: a number may be given out twice across a failover, a pair of
 *     both is not
 * @param number grows with every contest that changed the leader
 */
public record Term(long incarnation, long number) {

  @Override
  public String toString() {
    return Long.toString(number);
  }
}
