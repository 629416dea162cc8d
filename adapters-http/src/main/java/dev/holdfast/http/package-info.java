/** HTTP API, event stream and HTTP executor. */
@NullMarked
package dev.holdfast.http;

import org.jspecify.annotations.NullMarked;
