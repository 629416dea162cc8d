/** What happened, from all sides, and whether it may have happened. */
@NullMarked
package dev.holdfast.chaos.history;

import org.jspecify.annotations.NullMarked;
