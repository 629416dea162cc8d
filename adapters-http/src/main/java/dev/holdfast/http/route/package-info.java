/** The routes of the contract. */
@NullMarked
package dev.holdfast.http.route;

import org.jspecify.annotations.NullMarked;
