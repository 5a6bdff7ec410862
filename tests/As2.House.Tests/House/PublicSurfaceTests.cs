using System.Reflection;

namespace As2.House.Tests.House;

public sealed class PublicSurfaceTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Test]
    public void every_asynchronous_method_takes_a_cancellation_token()
    {
        var without = SourceTree.PublicTypes
            .Where(type => !typeof(Delegate).IsAssignableFrom(type))
            .SelectMany(type => type.GetMethods(Declared))
            .Where(method => IsAsynchronous(method.ReturnType) && !method.IsSpecialName && !IsGivenByTheFramework(method))
            .Where(method => method.GetParameters().All(parameter => !CarriesToken(parameter.ParameterType)))
            .Select(method => $"{method.DeclaringType}.{method.Name}");
        Assert.That(without, Is.Empty);
    }

    [Test]
    public void no_interface_has_more_than_six_members()
    {
        var wide = SourceTree.PublicTypes
            .Where(type => type.IsInterface)
            .Select(type => (type.FullName, Members: type.GetMembers(Declared).Count(member => member is not MethodInfo { IsSpecialName: true })))
            .Where(face => face.Members > 6);
        Assert.That(wide, Is.Empty);
    }

    [Test]
    public void nine_of_ten_classes_are_closed_or_made_to_be_derived_from()
    {
        var classes = SourceTree.PublicTypes.Where(type => type.IsClass && !typeof(Delegate).IsAssignableFrom(type)).ToList();
        var open = classes.Where(type => !type.IsSealed && !type.IsAbstract).Select(type => type.FullName).ToList();
        Assert.That(open, Has.Count.LessThanOrEqualTo(classes.Count / 10), () => string.Join(", ", open));
    }

    private static bool IsAsynchronous(Type type)
        => typeof(Task).IsAssignableFrom(type) || type == typeof(ValueTask)
            || (type.IsGenericType && type.GetGenericTypeDefinition() is { } open && (open == typeof(ValueTask<>) || open == typeof(IAsyncEnumerable<>)));

    /// <summary>A signature that ASP.NET Core or .NET prescribes: DisposeAsync, middleware and connection handlers.</summary>
    private static bool IsGivenByTheFramework(MethodInfo method)
        => method.GetBaseDefinition().DeclaringType != method.DeclaringType
            || method.DeclaringType!.GetInterfaces().Where(face => !face.Assembly.GetName().Name!.StartsWith("As2.", StringComparison.Ordinal))
                .Any(face => !method.DeclaringType.IsInterface && method.DeclaringType.GetInterfaceMap(face).TargetMethods.Contains(method));

    private static bool CarriesToken(Type type) => type == typeof(CancellationToken) || type.Name == "HttpContext";
}
