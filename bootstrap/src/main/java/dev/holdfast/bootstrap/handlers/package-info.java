/** The task types that the server has built in. */
@NullMarked
package dev.holdfast.bootstrap.handlers;

import org.jspecify.annotations.NullMarked;
