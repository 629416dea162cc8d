/**
 * The tables of the in-memory storage: small books over journaled sorted maps. What changes them
 * holds the world's lock, and a transaction that fails takes every change back.
 */
@NullMarked
package dev.holdfast.testkit.memory.data;

import org.jspecify.annotations.NullMarked;
