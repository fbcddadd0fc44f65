using Xunit.Abstractions;

namespace Orleans.Pipeline.Storage.Tests;

/// <summary>
/// What the tests of a class need of the machine. Where that is not there, those marked <see cref="StoreFactAttribute"/> or
/// <see cref="StoreTheoryAttribute"/>, inherited ones included, are skipped by name with the reason.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class RequirementAttribute : Attribute
{
    /// <summary>Why it is not met; null if it is.</summary>
    public abstract string? Unmet { get; }

    /// <summary>Why the tests of a class cannot run here; null if they can.</summary>
    internal static string? FindUnmet(ITestMethod method) => method.TestClass.Class.ToRuntimeType()
        .GetCustomAttributes(typeof(RequirementAttribute), inherit: true).Cast<RequirementAttribute>()
        .Select(requirement => requirement.Unmet).FirstOrDefault(unmet => unmet is not null);
}
