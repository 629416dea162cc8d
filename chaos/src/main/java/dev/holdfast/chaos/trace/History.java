package dev.holdfast.chaos.trace;

import java.util.List;

/**
 * What happened, from all sides.
 *
 * @param client what the client did, in order
 * @param nodes what handlers and nodes wrote down
 * @param tasks every task as it stands
 * @param events the global stream, read in the end
 * @param followed the global stream as a reader saw it who followed it all the time
 * @param runs every end of a run
 * @param claims every claim, task by task
 * @param leads every lead, in the order of the row's changes
 * @param heals when faults were over, by the machine's monotonic clock
 */
public record History(
    List<ClientOp> client,
    List<NodeLine> nodes,
    List<TaskRow> tasks,
    List<SeenEvent> events,
    List<SeenEvent> followed,
    List<RunRow> runs,
    List<ClaimRow> claims,
    List<LeadTerm> leads,
    List<Long> heals) {}
