/** A node as a process of its own, whose handlers write down what they do. */
@NullMarked
package dev.holdfast.chaos.node;

import org.jspecify.annotations.NullMarked;
