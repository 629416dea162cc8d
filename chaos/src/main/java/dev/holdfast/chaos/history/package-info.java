/** Whether what happened may have happened. */
@NullMarked
package dev.holdfast.chaos.history;

import org.jspecify.annotations.NullMarked;
