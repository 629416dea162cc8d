/** One node at work: its session, its claims, and the engine that puts everything together. */
@NullMarked
package dev.holdfast.application.node;

import org.jspecify.annotations.NullMarked;
