/** Use cases, worker and cluster runtime, embedding API. */
@NullMarked
package dev.holdfast.application;

import org.jspecify.annotations.NullMarked;
