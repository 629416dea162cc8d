@NullMarked
package dev.holdfast.bootstrap.docs;

import org.jspecify.annotations.NullMarked;
