/** Speaks HTTP with a server, for the commands that need no storage. */
@NullMarked
package dev.holdfast.bootstrap.remote;

import org.jspecify.annotations.NullMarked;
