/** Background work: loops as ticks, the combiner, and the one owner of threads. */
@NullMarked
package dev.holdfast.application.loop;

import org.jspecify.annotations.NullMarked;
