package dev.holdfast.testkit.memory.data;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A sorted map whose changes can be taken back. Sorted, so that every walk over it is the same in
 * every run.
 */
final class Table<K, V> {

  private final NavigableMap<K, V> rows;
  private final Journal journal;

  Table(Journal journal, Comparator<? super K> order) {
    this.journal = journal;
    this.rows = new TreeMap<>(order);
  }

  @Nullable
  V get(K key) {
    return rows.get(key);
  }

  boolean has(K key) {
    return rows.containsKey(key);
  }

  void put(K key, V value) {
    V before = rows.put(key, value);
    journal.changed(before == null ? () -> rows.remove(key) : () -> rows.put(key, before));
  }

  @Nullable
  V remove(K key) {
    V before = rows.remove(key);
    if (before != null) {
      journal.changed(() -> rows.put(key, before));
    }
    return before;
  }

  int size() {
    return rows.size();
  }

  Collection<V> values() {
    return rows.values();
  }

  Set<K> keys() {
    return rows.keySet();
  }

  @Nullable
  K firstAfter(K key) {
    return rows.higherKey(key);
  }

  /** What lies between two keys, both included. */
  NavigableMap<K, V> between(K from, K to) {
    return rows.subMap(from, true, to, true);
  }

  /** What lies behind a key. */
  NavigableMap<K, V> after(K key) {
    return rows.tailMap(key, false);
  }

  NavigableMap<K, V> descending() {
    return rows.descendingMap();
  }

  NavigableMap<K, V> upTo(K key) {
    return rows.headMap(key, true);
  }

  Set<Map.Entry<K, V>> entries() {
    return rows.entrySet();
  }

  /** A copy of the first values up to a key: what a caller may walk while it removes them. */
  List<V> firstUpTo(K key, int limit) {
    return upTo(key).values().stream().limit(limit).toList();
  }
}
