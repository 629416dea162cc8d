/** The worker runtime: handlers on virtual threads, their context, their local clock. */
@NullMarked
package dev.holdfast.application.worker;

import org.jspecify.annotations.NullMarked;
