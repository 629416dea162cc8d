/**
 * What a storage adapter's tests bring along, and what the contracts are written with. Contracts
 * speak to a storage through its ports only.
 */
@NullMarked
package dev.holdfast.testkit.harness;

import org.jspecify.annotations.NullMarked;
