// Which laws each core keeps: a list of names for each. What they say stands in the other files.

import * as call from "./call.mjs";
import * as crowds from "./crowds.mjs";
import * as hits from "./hits.mjs";
import * as keys from "./keys.mjs";
import * as management from "./management.mjs";
import * as metrics from "./metrics.mjs";
import * as options from "./options.mjs";
import * as recursion from "./recursion.mjs";
import * as time from "./time.mjs";
import * as values from "./values.mjs";
import { answersRest } from "./stores.mjs";
import * as stored from "./stored.mjs";
import * as waiting from "./waiting.mjs";

/** For sync and async functions on every core. */
export const everywhere = [
  hits.equalArgumentsAreCalculatedOnce,
  hits.otherArgumentsAreOtherEntries,
  hits.functionsOfOtherNamesShareNothing,
  hits.anotherVersionSharesNothing,

  time.aValueIsServedUntilItsLimit,
  time.withALimitOfZeroEveryCallRuns,
  time.withoutALimitAValueIsServedForEver,
  time.limitsOfManyDaysAreKept,
  time.theClockDecidesWhereTheEventLoopIsBlocked,
  time.aStaleValueIsServedAtOnceAndRenewedNextTime,
  time.twoCallsOfAStaleValueAreOneRefresh,
  time.beyondItsWindowAStaleValueIsNotServed,
  time.aFailedRefreshKeepsTheOldValue,
  time.retriesOfAFailedRefreshBackOff,
  time.aRefreshGivenUpForAnotherScopeIsNoFailure,
  time.aSuccessEndsThePauseAfterFailures,
  time.aStricterMaxAgeCalculatesAnew,
  time.aLooserMaxAgeChangesNothing,
  time.aNegativeMaxAgeAlwaysCalculates,
  time.aMaxAgeWithNextTimeServesAndRefreshes,
  time.aCallMayHaveAnotherLimit,
  time.afterAnErrorTheOldValueIsServedUpToItsLimit,
  time.anErrorAfterClearingIsNotHidden,
  time.anEntryFromTheFutureIsStale,
  time.aSmallStepBackOfTheClockChangesNothing,

  call.aSkippingCallRunsAndTouchesNothing,
  call.anOverwritingCallRunsAndStores,
  call.anOverwritingCallThatFailsKeepsTheOldValue,
  call.whileCachingIsDisabledEveryCallRuns,
  call.whatIsDefinedWhileCachingIsDisabledIsCachedLater,
  call.whatIsStoredWhileCachingIsDisabledIsServedLater,
  call.nothingIsNotServedUnlessAllowed,
  call.nothingIsServedWhereAllowed,
  call.oneCallMayAllowNothing,
  call.otherValuesDoNotMindAllowNone,
  call.aFailureIsNotStored,
  call.anythingCanBeThrown,
  call.aLargeValueIsReturnedAndNotStored,
  call.aLargeValueStoredByHandIsNotKept,
  call.theOriginOfAResultIsTold,
  call.aVerboseCallIsExplained,

  management.clearingEmptiesThisFunctionOnly,
  management.clearAllEmptiesEveryFunction,
  management.aPrecachedValueIsServedWithoutARun,
  management.aPrecachedValueReplacesWhatIsStored,
  management.anEntryCanBePeekedAtAndRemoved,
  management.everySpellingOfARemovedKeyIsRemoved,
  management.entriesAreListedWithTheirAge,
  management.thereIsNoDirectory,
  management.aCleanUpTakesWhatIsStaleOnly,
  management.aCleanUpIsNotRepeatedBeforeItIsDue,
  management.aHitStartsTheCleanUpThatIsDue,
  management.thereAreNeverMoreEntriesThanAllowed,
  management.thereAreNeverMoreBytesThanAllowed,
  management.aValueBeyondAllBytesEvictsNothing,
  management.aKeyInUseSurvivesAScan,
  management.whatIsServedIsWhatIsStored,
  management.precachingIsCheckedWhenItIsAsked,

  recursion.recursionOnTheSameKeyEnds,
  recursion.recursionOnOtherKeysIsKept,
  recursion.crossedCallsEnd,
  recursion.aRunThatClearsIsNotStored,
  recursion.aRunThatRemovesItsKeyIsNotStored,
  recursion.aRunThatPrecachesItsKeyDoesNotReplaceIt,
  recursion.aRunMayDefineAndCallOthers,

  metrics.withoutMetricsThereAreNone,
  metrics.outcomesAddUpToCalls,
  metrics.callsWithOwnKeysAreCountedToo,
  metrics.failedCallsAreCounted,
  metrics.entriesAndBytesAreCounted,
  metrics.rejectionsEvictionsAndRecalculationsAreCounted,
  metrics.refreshesAreCounted,
];

/** For async functions on every core. */
export const whereOneCanWait = [
  waiting.aSecondCallerWaitsForTheFirst,
  waiting.manyCallersAreOneRun,
  waiting.thoseWhoWaitReceiveTheFailure,
  waiting.aLateOwnerHasOneSuccessor,
  waiting.anOwnerThatNeverEndsIsSucceeded,
  waiting.aVeryLongTimeoutIsNotReachedEarly,
  waiting.aLongWaitIsReported,
  waiting.aLateResultOfAClearedRunIsNotStored,
  waiting.aLateResultOfARemovedKeyIsNotStored,
  waiting.aLateResultDoesNotReplaceAPrecachedValue,
  waiting.aResultAfterFreedClaimsIsNotStored,
  waiting.clearingFreesThoseWhoWait,
  waiting.freeingTheClaimsFreesThoseWhoWait,
  waiting.removingFreesThoseWhoWait,
  waiting.aPrecachedValueIsGivenToThoseWhoWait,
  waiting.aLargeValueIsGivenToThoseWhoWait,
  waiting.nothingIsGivenToThoseWhoWait,
  waiting.anOverwritingCallDoesNotWait,
  waiting.aFreshValueIsServedWhileSomebodyOverwrites,
  waiting.aRefreshLeavesTheOldValueWhileItRuns,
  waiting.clearingDuringARefreshForgetsIt,
  waiting.idleWaitsForRefreshes,
  waiting.whatIsBeingCalculatedIsNotCleanedUp,
  waiting.argumentsChangedBeforeTheirRefreshAreNotStored,
  waiting.argumentsChangedDuringAWaitAreNotStored,
  waiting.concurrentCallersOfOtherArgumentsDoNotWait,
  waiting.aRejectedRunIsNotKept,
  metrics.waitsAndTimeoutsAreCounted,
];

/** Of keys and options; they need no other core than one. */
const ofArguments = [
  keys.argumentsOfEveryKindAreKeys,
  keys.argumentsKeepTheirPlaces,
  keys.orderMattersInListsOnly,
  keys.undefinedAtTheEndIsAsGoodAsAbsent,
  keys.zeroHasNoSignAndNothingElseIsRounded,
  keys.anOwnKeyTakesThePlaceOfTheArguments,
  keys.anOwnKeyMayBeAnything,
  keys.aScopeIsPartOfTheKey,
  keys.whatCannotBeKeyedIsNamed,
  keys.whatAGetterThrowsReachesTheCaller,
  keys.anOwnKeyOrScopeThatThrowsReachesTheCaller,
];

/** Where values are held as they are. */
const ofValues = [values.resultsAreReturnedAsTheSameObjects, values.sizesAreEstimatedWithoutRunningCode, values.aThenThatIsNoFunctionIsAValue];

/** Beyond the page. */
const ofStores = Object.values(stored);

/** The cores: where each exists, how it is asked for, when its answers are there, and what it keeps. */
export const cores = {
  memory: {
    places: ["node", "page", "worker"],
    options: { core: "memory" },
    laws: {
      sync: [
        ...everywhere,
        ...ofArguments,
        keys.tenThousandRandomCallsHaveTheirOwnKeys,
        recursion.recursionWithoutEndHarmsNoCallThatFollows,
        ...ofValues,
        values.aThenThatThrowsIsAFailure,
        ...Object.values(options),
      ],
      async: [...everywhere, ...ofArguments, ...ofValues, ...whereOneCanWait, waiting.everyCallerIsGivenTheSamePromiseLater, waiting.aThenableIsAPromise],
    },
  },
  indexeddb: {
    places: ["page", "worker"],
    options: { core: "indexeddb" },
    storesRest: answersRest,
    laws: { async: [...everywhere, ...ofArguments, ...whereOneCanWait, ...ofStores, ...Object.values(crowds)] },
  },
  "indexeddb, read anew": {
    places: ["page"],
    options: { core: "indexeddb", coherent: true },
    storesRest: answersRest,
    laws: { async: [...everywhere, ...whereOneCanWait] },
  },
  localstorage: {
    places: ["page"],
    options: { core: "localstorage" },
    storesRest: answersRest,
    laws: {
      sync: [...everywhere, ...ofArguments, ...ofStores],
      async: [...everywhere, ...ofArguments, ...whereOneCanWait, ...ofStores],
    },
  },
  "localstorage, read anew": {
    places: ["page"],
    options: { core: "localstorage", coherent: true },
    storesRest: answersRest,
    laws: { sync: everywhere },
  },
};
