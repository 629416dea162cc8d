/** The event stream: server-sent events with exact resume. */
@NullMarked
package dev.holdfast.http.stream;

import org.jspecify.annotations.NullMarked;
