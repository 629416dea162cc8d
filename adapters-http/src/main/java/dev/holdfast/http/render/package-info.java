/** What the contract shows of tasks, events, nodes and counts, as JSON. */
@NullMarked
package dev.holdfast.http.render;

import org.jspecify.annotations.NullMarked;
