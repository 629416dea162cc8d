/** New tasks as documents, as clients and the command line send them. */
@NullMarked
package dev.holdfast.http.task;

import org.jspecify.annotations.NullMarked;
