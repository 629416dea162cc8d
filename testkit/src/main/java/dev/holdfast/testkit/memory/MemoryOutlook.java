package dev.holdfast.testkit.memory;

import dev.holdfast.domain.port.node.Leadership;
import dev.holdfast.domain.port.node.Outlook;
import dev.holdfast.domain.port.node.Outlook.Duty;
import dev.holdfast.testkit.memory.data.SessionBook;
import dev.holdfast.testkit.memory.data.World;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What there is to look for, inside of a transaction. */
record MemoryOutlook(World world) {

  Outlook of(SessionBook.Row self, @Nullable Leadership lead, Instant now, boolean leads) {
    List<SessionBook.Row> open = world.sessions().open();
    List<SessionBook.Row> others =
        open.stream().filter(row -> !row.id().equals(self.id())).toList();
    return new Outlook(
        lead,
        open.stream().map(SessionBook.Row::id).toList(),
        others.stream().filter(SessionBook.Row::isGone).map(SessionBook.Row::id).toList(),
        world.places().isAnyHeld(),
        world.places().isAnyReady(),
        leads || self.start().exclusive() ? dues(others, now) : Map.of());
  }

  private Map<Duty, Instant> dues(List<SessionBook.Row> others, Instant now) {
    Map<Duty, Instant> dues = new EnumMap<>(Duty.class);
    put(dues, Duty.PROMOTE, world.places().firstDue());
    put(dues, Duty.EXPIRE, world.tasks().firstExpiry());
    put(dues, Duty.RECLAIM, firstSilent(others));
    put(dues, Duty.WORK_OFF, world.edges().isAnyDeferred() ? now : null);
    return dues;
  }

  private static @Nullable Instant firstSilent(List<SessionBook.Row> others) {
    return others.stream()
        .map(row -> row.heartbeatAt().plus(row.start().timeToLive()))
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  private static void put(Map<Duty, Instant> dues, Duty duty, @Nullable Instant at) {
    if (at != null) {
      dues.put(duty, at);
    }
  }
}
