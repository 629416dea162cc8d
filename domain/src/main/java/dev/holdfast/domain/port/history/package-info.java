/** What is remembered of a task: the results of its steps while it exists, and its end. */
@NullMarked
package dev.holdfast.domain.port.history;

import org.jspecify.annotations.NullMarked;
