/** The task type that runs programs which the operator allows. */
@NullMarked
package dev.holdfast.bootstrap.handlers.process;

import org.jspecify.annotations.NullMarked;
