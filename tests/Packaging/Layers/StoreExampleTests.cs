using Mono.Cecil;

namespace Orleans.Pipeline.Packaging.Tests.Layers;

/// <summary>The store in memory is the example for the author of another store, whose code sees the public members of Core only.</summary>
public sealed class StoreExampleTests
{
    [Fact]
    public void The_store_in_memory_uses_only_what_is_public_in_Core()
    {
        var folder = Repository.PathOf("Testing", "bin", "Release", "net10.0");
        using var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(folder);
        using var assembly = AssemblyDefinition.ReadAssembly(
            Path.Combine(folder, "Orleans.Pipeline.Testing.dll"), new ReaderParameters { AssemblyResolver = resolver });
        var used = (
            from type in assembly.MainModule.GetTypes()
            where Outermost(type).Namespace == "Orleans.Pipeline.Testing.Memory"
            from method in type.Methods
            where method.HasBody
            from instruction in method.Body.Instructions
            let member = instruction.Operand as MemberReference
            where member is not null && ScopeOf(member) == "Orleans.Pipeline.Core"
            select member).ToList();

        Assert.NotEmpty(used);
        Assert.Empty(used.Where(member => !IsPublic(member)).Select(member => member.FullName).Distinct());
    }

    private static TypeDefinition Outermost(TypeDefinition type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static string? ScopeOf(MemberReference member) => ((member as TypeReference) ?? member.DeclaringType)?.GetElementType().Scope?.Name;

    private static bool IsPublic(MemberReference member) => member switch
    {
        TypeReference type => IsPublic(type.GetElementType().Resolve()),
        MethodReference method => IsPublic(method.DeclaringType) && method.Resolve() is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true },
        FieldReference field => IsPublic(field.DeclaringType) && field.Resolve().IsPublic,
        _ => true,
    };

    private static bool IsPublic(TypeDefinition type) =>
        type.IsPublic || (type.IsNestedPublic && IsPublic(type.DeclaringType));
}
