/** The server that the routes run on, with bounds of our own on everything that clients send. */
@NullMarked
package dev.holdfast.http.wire;

import org.jspecify.annotations.NullMarked;
