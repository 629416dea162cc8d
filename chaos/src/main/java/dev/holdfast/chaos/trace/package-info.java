/** What happened, from all sides. */
@NullMarked
package dev.holdfast.chaos.trace;

import org.jspecify.annotations.NullMarked;
