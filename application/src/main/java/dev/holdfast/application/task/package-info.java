/** Use cases on tasks: each composes port calls in one transaction and answers with a value. */
@NullMarked
package dev.holdfast.application.task;

import org.jspecify.annotations.NullMarked;
