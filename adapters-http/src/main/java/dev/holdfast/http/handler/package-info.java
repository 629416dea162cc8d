/** The built-in task type {@code http}: a request to a target that was allowed expressly. */
@NullMarked
package dev.holdfast.http.handler;

import org.jspecify.annotations.NullMarked;
